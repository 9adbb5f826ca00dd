"""A small made city of loopback sites that changes by rounds: what `shixun demo` serves, and a truth to measure by.

`City` knows what every page says in every round and what a perfect monitor would tell; `CityServer` puts it on
loopback ports. Everything follows from the seed; no name in it belongs to a real place or person.
"""

from storage.demo.city import City
from storage.demo.server import CityServer, sites_yaml
from storage.demo.truth import Answer, CityColumn, CitySite, Happening, Wording

__all__ = ["Answer", "City", "CityColumn", "CityServer", "CitySite", "Happening", "Wording", "sites_yaml"]
