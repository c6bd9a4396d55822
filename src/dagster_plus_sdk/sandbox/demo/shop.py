"""The shop's made-up data: the same orders for the same day, on every machine."""

import random
from typing import NamedTuple

from dagster import ConfigurableResource

REGIONS = ("north", "south", "east", "west")
PRODUCTS = {"tea": 4.5, "coffee": 7.25, "cocoa": 6.0, "honey": 9.9}
CUSTOMERS = ("ada", "brook", "chen", "dara", "emre", "fleur")


class Order(NamedTuple):
    """One order of one customer."""

    customer: str
    region: str
    product: str
    quantity: int

    @property
    def total(self) -> float:
        """What the order costs, in euros."""
        return round(PRODUCTS[self.product] * self.quantity, 2)


class OrderBook(ConfigurableResource[None]):
    """Where the shop's orders come from.

    Args:
        seed: Another seed gives another year of orders.
    """

    seed: int = 7

    def orders(self, day: str, region: str | None = None) -> list[Order]:
        """Return a day's orders, of one region or of all.

        Args:
            day: The day, as `2024-01-31`.
            region: One of `REGIONS`; all of them by default.

        Returns:
            Between 20 and 60 orders before the region is applied.
        """
        dice = random.Random(f"{self.seed}/{day}")  # noqa: S311 - made-up data, no secret
        made = [
            Order(
                customer=dice.choice(CUSTOMERS),
                region=dice.choice(REGIONS),
                product=dice.choice(list(PRODUCTS)),
                quantity=dice.randint(1, 5),
            )
            for _ in range(dice.randint(20, 60))
        ]
        return [order for order in made if region in (None, order.region)]
