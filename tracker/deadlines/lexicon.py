"""The words of deadlines in both languages, by the symbol under which the grammar knows them."""

# Words that only say "do it", and small words that carry no meaning of their own here.
NOISE = (
    "phấn đấu|hoàn thành|xong|sẽ|thực hiện|báo cáo|trình|gửi|nộp|"
    "strive|complete|completed|finish|finished|done|will|carry out|implement|report|submit|send|"
    "vào|lúc|của|là|the|of|on|at|,|;|:|(|)|\"|“|”|'"
)

# Symbols in capitals carry no value.
KEYWORDS: dict[str, str] = {
    "DAY": "ngày|ngay|day",
    "MONTH": "tháng|thg|th|month",
    "T": "t",
    "QUARTER": "quý|quí|quarter|quarters|q",
    "YEAR": "năm|year|calendar year",
    "WEEK": "tuần|tuần lễ|tuần thứ|week|weeks|w",
    "HALF": "nửa|half|h",
    "HALFYEAR": "nửa năm|half year|half - year",
    "YEAREND": "year - end|year end|yearend",
    "ORDINAL": "st|nd|rd|th",
    "EARLY": "mùng|mồng",
    "THU": "thứ",
    "SEP": "-|/|.",
    "DASH": "-",
    "SLASH": "/",
    "HOUR": "giờ|h|g",
    "COLON": ":",
    "MINUTE": "phút|'",
    "IN": "trong|trong vòng|trong thời hạn|trong thời gian|nội trong|in|within|during",
    "BY": "hết|đến|tới|đến hết|cho đến|chậm nhất|muộn nhất|trễ nhất|không muộn hơn|"
    "không chậm hơn|không trễ hơn|không quá|by|until|till|no later than|not later than|up to|"
    "at the latest|on or before",
    "LIMIT": "hạn|hạn cuối|hạn cuối cùng|hạn chót|thời hạn|due|due date|deadline",
    "LATEST": "chậm nhất|muộn nhất|at the latest|latest",
    "BEFORE": "trước|before|prior to",
    "ASOF": "tính đến|tính đến thời điểm|tính tới|as of|as at",
    "AFTER": "sau|after",
    "FROM": "từ|kể từ|bắt đầu từ|from|since|starting|starting from",
    "SINCE": "kể từ|tính từ|từ|bắt đầu từ|from|after|of|starting|starting from|counting from|since|"
    "following",
    "TO": "đến|tới|cho đến|to|until|till|through|up to",
    "PHASE": "giai đoạn|thời kỳ|thời kì|period",
    "EVERY": "hằng|hàng|mỗi|định kỳ|định kì|định kỳ hằng|định kỳ hàng|định kì hằng|định kỳ mỗi|"
    "every|each",
    "REGULARLY": "định kỳ|định kì",
    "ONCE": "một lần|1 lần|01 lần|lần|once|once a",
    "ONCEA": "once a|once every|once each|once per",
    "FOLLOWING": "sau|tiếp theo|kế tiếp|following|next",
    "FEW": "những|vài|mấy|các|few|a few|the few",
    "WORKING": "làm việc|working|business",
    "WHEN": "khi|sau khi|ngay khi|ngay sau khi|trước khi|đến khi|cho đến khi|tới khi|when|upon|"
    "as soon as",
    "LATER": "after|once|following",
    "BETWEEN": "between",
    "AND": "và|and",
    "OF": "của|of|by|from",
    "ASKED": "theo yêu cầu|at the request|on request|upon request",
}

# Symbols in small letters carry the value written beside each word.
VALUES: dict[str, dict[str, object]] = {
    "near": {
        "này|nay": 0,
        "sau|tới|tiếp theo|kế tiếp|sắp tới": 1,
        "trước|ngoái|vừa qua|qua": -1,
    },
    "which": {
        "this|current": 0,
        "next|coming|following": 1,
        "last|previous": -1,
    },
    "today": {
        "hôm nay|ngày hôm nay|ngày hôm này|today": 0,
        "ngày mai|mai|tomorrow": 1,
        "ngày kia": 2,
        "hôm qua|yesterday": -1,
    },
    "now": {"nay|bây giờ|hôm nay|ngày hôm nay|now|today": 0},
    "part": {
        "đầu|beginning|start|early|đầu tiên": "first",
        "giữa|mid|middle": "middle",
        "cuối|end|cuối cùng": "last",
    },
    "side": {"đầu|đầu tiên|first": "first", "cuối|cuối cùng|last": "last"},
    "place": {
        "đầu|đầu tiên|thứ nhất|first|1 st": 1,
        "giữa|thứ hai|second|2 nd|middle": 2,
        "cuối|cuối cùng|thứ ba|last|third|3 rd": 3,
    },
    "nth": {
        "first|1 st|nhất|thứ nhất": 1,
        "second|2 nd|nhì|thứ nhì": 2,
        "third|3 rd": 3,
        "fourth|4 th|last": 4,
        "fifth|5 th": 5,
    },
    "unit": {
        "ngày|day|days|ngày lịch|calendar days|calendar day": "day",
        "ngày làm việc|working day|working days|business day|business days|workdays": "workday",
        "tuần|tuần lễ|week|weeks": "week",
        "tháng|month|months": "month",
        "quý|quí|quarter|quarters": "quarter",
        "năm|year|years": "year",
    },
    "block": {"tháng|months|month": 1, "quý|quí|quarters": 3},
    "nearunit": {
        "tuần|week": "week",
        "tháng|month": "month",
        "quý|quí|quarter": "quarter",
    },
    "cycle": {
        "ngày|day": "day",
        "tuần|week": "week",
        "tháng|month|months": 1,
        "quý|quí|quarter|quarters": 3,
        "nửa năm|half year|half - year": 6,
        "năm|year": 12,
    },
    "adverb": {
        "daily": "day",
        "weekly": "week",
        "monthly": 1,
        "quarterly": 3,
        "semiannually|semi - annually|half - yearly|half yearly|semi - annual|biannually": 6,
        "twice a year": 6,
        "yearly|annually|annual": 12,
    },
    "unitword": {
        "một": 1,
        "hai": 2,
        "ba": 3,
        "bốn": 4,
        "năm": 5,
        "sáu": 6,
        "bảy|bẩy": 7,
        "tám": 8,
        "chín": 9,
        "one": 1,
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "seven": 7,
        "eight": 8,
        "nine": 9,
    },
    # Only in order, never a count: tháng tư, quý tư, thứ tư.
    "fourthword": {"tư": 4},
    "lastword": {
        "một|mốt": 1,
        "hai": 2,
        "ba": 3,
        "bốn|tư": 4,
        "lăm|nhăm": 5,
        "sáu": 6,
        "bảy|bẩy": 7,
        "tám": 8,
        "chín": 9,
    },
    "tenword": {
        "mười|ten": 10,
        "eleven": 11,
        "twelve": 12,
        "fifteen": 15,
        "twenty": 20,
        "thirty": 30,
        "forty five|forty - five": 45,
        "sixty": 60,
        "ninety": 90,
    },
    "tens": {"mươi": 10},
    "roman": {
        "i": 1,
        "ii": 2,
        "iii": 3,
        "iv": 4,
        "v": 5,
        "vi": 6,
        "vii": 7,
        "viii": 8,
        "ix": 9,
        "x": 10,
        "xi": 11,
        "xii": 12,
    },
    "romanq": {"qi": 1, "qii": 2, "qiii": 3, "qiv": 4},
    "monthname": {
        "january|jan": 1,
        "february|feb": 2,
        "march|mar": 3,
        "april|apr": 4,
        "may": 5,
        "june|jun": 6,
        "july|jul": 7,
        "august|aug": 8,
        "september|sep|sept": 9,
        "october|oct": 10,
        "november|nov": 11,
        "december|dec": 12,
    },
    "dayname": {
        "monday|mon": 0,
        "tuesday|tue|tues": 1,
        "wednesday|wed": 2,
        "thursday|thu|thur|thurs": 3,
        "friday|fri": 4,
        "saturday|sat": 5,
        "sunday|sun|chủ nhật|chúa nhật|cn": 6,
    },
    "halfday": {
        "sáng|am|a . m .|a . m": "am",
        "trưa|noon": "noon",
        "chiều|tối|pm|p . m .|p . m": "pm",
    },
    "standing": {
        "thường xuyên|liên tục|tiếp tục|không thời hạn|không có thời hạn|vô thời hạn|"
        "không xác định thời hạn|lâu dài|ongoing|continuous|continuously|regularly|permanent|"
        "permanently|no deadline|without deadline|without a deadline|no time limit|on an ongoing basis|"
        "open - ended": "ongoing",
        "đột xuất|theo yêu cầu|on request|upon request|on demand|ad hoc|as required|"
        "as requested|when requested|as needed|when needed|unscheduled": "on_demand",
        "kịp thời|sớm|sớm nhất|sớm nhất có thể|càng sớm càng tốt|càng nhanh càng tốt|khẩn trương|ngay|ngay lập tức|"
        "lập tức|nhanh chóng|nhanh nhất|gấp|khẩn|hỏa tốc|cấp bách|thời gian tới|thời gian sắp tới|"
        "thời gian sớm nhất|thời gian ngắn nhất|thời gian nhanh nhất|thời gian gần nhất|sắp tới|"
        "tới đây|thời gian tới đây|trước mắt|nay mai|"
        "as soon as possible|asap|soon|immediately|promptly|urgent|urgently|at once|without delay|"
        "shortly|near future|coming time|in due course|timely|in a timely manner|"
        "as early as possible|as quickly as possible|earliest|quickly": "vague",
    },
}
