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


def duration(milliseconds: float) -> str:
    """``850 ms``, ``1.5 s``, ``3 min 20 s``, ``2 h 5 min``."""
    if milliseconds < 999.5:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
