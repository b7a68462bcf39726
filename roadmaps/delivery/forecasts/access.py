"""May this user ask for forecasts anew? Who may read what a forecast is of may read the forecast."""

from portal.people.public import Role, allow

allow("forecasts.make", Role.PRODUCT_MANAGER)
