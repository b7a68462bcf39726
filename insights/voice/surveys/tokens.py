"""Links to a survey that open without a login: the number of an invitation, signed; nothing secret is stored."""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from insights.voice.surveys.models import Invitation
from portal.shell.public import NotFound

_SALT = "insights.voice.surveys.invitation"


def token_of(invitation_id: int) -> str:
    """Return what stands for an invitation in an address."""
    return Signer(salt=_SALT).sign(str(invitation_id))


def find_invitation(token: str) -> Invitation:
    """Return the invitation that a token stands for, as long as it is there."""
    try:
        number = Signer(salt=_SALT).unsign(token)
    except BadSignature:
        raise NotFound() from None
    found = Invitation.objects.select_related(
        "survey__product", "survey__team", "survey__owner", "person__id_space__product__team"
    )
    invitation = found.filter(pk=int(number)).first()
    if invitation is None:
        raise NotFound()
    return invitation


def link_of(invitation_id: int) -> str:
    """Return the path where an invitation is answered."""
    return reverse("answering:answer", args=[token_of(invitation_id)])


def stop_link_of(invitation_id: int) -> str:
    """Return the path where who was asked says: no more."""
    return reverse("answering:stop", args=[token_of(invitation_id)])
