from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]
