"""Which properties hold personal data: by what people said of them, before that by their names.

Those whose values are ids of persons are marked when the catalogue reads them (`person_ids`).
"""

from collections.abc import Collection

from insights.catalogue.models import CatalogueProperty

_PERSONAL_NAMES = frozenset(
    [
        *(
            "email",
            "e-mail",
            "mail",
            "name",
            "first_name",
            "last_name",
            "firstname",
            "lastname",
            "full_name",
            "username",
        ),
        *("phone", "phone_number", "mobile", "address", "street", "birthday", "birth_date", "date_of_birth", "avatar"),
        *("ip", "$ip", "ip_address", "$email", "$name", "user_agent", "$user_agent", "$raw_user_agent"),
        *("user_id", "userid", "$user_id", "distinct_id", "person_id"),
        *("gender", "age", "$device_id", "latitude", "longitude", "$geoip_latitude", "$geoip_longitude", "postal_code"),
    ]
)


def sounds_personal(of: str, name: str) -> bool:
    """Say whether a property that nobody has looked at yet is taken for personal; a company's name is not."""
    return name.lower() in _PERSONAL_NAMES and not (of == "account" and name.lower() == "name")


def personal_properties(product_ids: Collection[int], wanted: Collection[tuple[str, str]]) -> set[tuple[int, str, str]]:
    """Return those of the wanted (of, name) that are personal in a product, as (product id, of, name); one query."""
    names = {name for _, name in wanted}
    rows = CatalogueProperty.objects.filter(product__in=product_ids, name__in=names)
    known = {
        (product, of, name): is_it
        for product, of, name, is_it in rows.values_list("product", "of", "name", "is_personal")
    }
    return {
        (product, of, name)
        for product in product_ids
        for of, name in wanted
        if known.get((product, of, name), sounds_personal(of, name))
    }
