"""How much, in words: never a change that reads as nothing."""


def count(number: int, noun: str) -> str:
    """``1 row``, ``1,234 rows``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def percent(value: float) -> str:
    """Two decimals; what is not 0 never reads as 0.00, and what is not 100 never as 100.00."""
    if 0 < value < 0.01:
        return "less than 0.01 %"
    if 99.99 < value < 100:
        return "more than 99.99 %"
    return f"{value:.2f} %"


def percent_number(value: float) -> str:
    """The same for a column of numbers: without the sign and the words."""
    return percent(value).replace("less than", "<").replace("more than", ">").removesuffix(" %")
