"""Tibetan dates: month, day, the figures as on the clocks and bills of the town."""

DATE_FORMAT = "Y ལོའི་ཟླ་ n པའི་ཚེས་ j"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y ལོའི་ཟླ་ n པའི་ཚེས་ j H:i"
YEAR_MONTH_FORMAT = "Y ལོའི་ཟླ་ n པ"
MONTH_DAY_FORMAT = "ཟླ་ n ཚེས་ j"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
