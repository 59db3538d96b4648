"""Invented names from the communities of a city. What happens to a child never depends on these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heritage:
    """A group of names, with the ethnicity code and the first language recorded for some of its children."""

    ethnicity: str
    languages: tuple[str, ...]
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]
    weight: int


_BEGINNINGS = (
    "Ald", "Ash", "Bar", "Bram", "Brock", "Cald", "Chat", "Crans", "Dar", "Den", "El", "Fair", "Far", "Gar", "Glen",
    "Hart", "Hazel", "Hol", "Ing", "Kel", "Lang", "Lin", "Mar", "Mel", "Nor", "Oak", "Pen", "Pres", "Raven", "Rush",
    "Sel", "Shel", "Stan", "Stav", "Thorn", "Tre", "Wal", "Whit", "Win", "Wood",
)  # fmt: skip
_ENDINGS = (
    "bourne", "bridge", "bury", "combe", "croft", "dale", "den", "field", "ford", "gate", "grove", "ham", "hurst",
    "ley", "low", "man", "mere", "more", "ridge", "shaw", "stead", "stone", "ton", "well", "wick", "wood", "worth",
)  # fmt: skip
MADE_UP_FAMILIES = tuple(f"{start}{end}" for start in _BEGINNINGS for end in _ENDINGS)

HERITAGES = (
    Heritage(
        "WBRI", ("English",),
        ("Amelia", "Beatrice", "Chloe", "Daisy", "Ellie", "Freya", "Grace", "Holly", "Imogen", "Jessica", "Keira",
         "Lola", "Millie", "Nell", "Poppy", "Ruby", "Scarlett", "Tilly", "Willow", "Zoe"),
        ("Alfie", "Archie", "Ben", "Charlie", "Declan", "Ethan", "Finley", "George", "Harvey", "Isaac", "Jake",
         "Kian", "Logan", "Mason", "Noah", "Oscar", "Reece", "Sam", "Toby", "Zachary"),
        MADE_UP_FAMILIES, 50,
    ),
    Heritage(
        "APKN", ("English", "Urdu", "Punjabi", "Pahari"),
        ("Aisha", "Alina", "Fatimah", "Hafsa", "Iqra", "Laiba", "Maryam", "Noor", "Sana", "Zainab"),
        ("Adil", "Bilal", "Faizan", "Hamza", "Ibrahim", "Junaid", "Musa", "Saad", "Umar", "Zayn"),
        ("Ahmadi", "Akhtar", "Bashir", "Chaudhary", "Dar", "Farooqi", "Hussaini", "Iqbal", "Javed", "Karimi",
         "Mahmood", "Nazir", "Qureshi", "Rafiq", "Saleem", "Tariq", "Yousafi", "Zaman"), 14,
    ),
    Heritage(
        "AIND", ("English", "Punjabi", "Gujarati", "Hindi"),
        ("Anjali", "Diya", "Gurleen", "Harleen", "Jasmin", "Kavita", "Meera", "Navneet", "Simran", "Tara"),
        ("Arjan", "Dev", "Gurdeep", "Harjit", "Jeevan", "Karan", "Manveer", "Nikhil", "Rohan", "Tejpal"),
        ("Atwal", "Bains", "Chahal", "Dhesi", "Gandhi", "Heer", "Johal", "Kalsi", "Lidder", "Mistry", "Nijjar",
         "Purewal", "Rai", "Sohal", "Thandi", "Uppal", "Virdee"), 9,
    ),
    Heritage(
        "BCRB", ("English",),
        ("Aaliyah", "Brianna", "Chantelle", "Destiny", "Jada", "Kiara", "Monique", "Naomi", "Renee", "Tia"),
        ("Andre", "Curtis", "Darnell", "Elijah", "Jermaine", "Kamari", "Leon", "Marcus", "Romario", "Tyrell"),
        ("Baptiste", "Campbell-Rowe", "Daley", "Francis", "Gayle", "Henry-Moss", "Jarrett", "Lindo", "Morrison",
         "Pinnock", "Reid", "Samuels", "Thompson-Vale", "Wint"), 7,
    ),
    Heritage(
        "BAFR", ("English", "Tigrinya", "Somali", "Shona", "Yoruba", "French"),
        ("Abena", "Adaeze", "Chipo", "Esther", "Hodan", "Makena", "Nyasha", "Selam", "Temi", "Wangari"),
        ("Abdi", "Baraka", "Chidi", "Emeka", "Farai", "Kwame", "Mosi", "Samuel", "Tendai", "Yonas"),
        ("Abara", "Boateng", "Chikwanda", "Danso", "Eze", "Gebre", "Haile", "Kamau", "Mensah", "Moyo", "Nkemelu",
         "Obi", "Owusu", "Tesfaye", "Warsame"), 7,
    ),
    Heritage(
        "WOTH", ("English", "Polish", "Slovak", "Latvian", "Ukrainian", "Kurdish"),
        ("Agata", "Daria", "Emilia", "Hanna", "Ivana", "Julia", "Lena", "Natalia", "Oksana", "Zuzanna"),
        ("Adam", "Bartosz", "Dawid", "Filip", "Jakub", "Krystian", "Marek", "Oskar", "Roman", "Tomas"),
        ("Baran", "Cermak", "Dudek", "Gorski", "Horvat", "Jansons", "Kaminska-Lee", "Kovalenko", "Lis", "Mazur",
         "Novotny", "Ozols", "Pawlak", "Sikora", "Tesar", "Wrona"), 8,
    ),
    Heritage(
        "MWBC", ("English",),
        ("Alyssa", "Corinne", "Ella", "Jade", "Kaya", "Leah", "Mia", "Rochelle", "Savannah", "Talia"),
        ("Aaron", "Caleb", "Dion", "Jaden", "Kai", "Levi", "Micah", "Nathaniel", "Rio", "Theo"),
        ("Bell-Grant", "Carver", "Dunkley", "Ellis-Roy", "Fenton", "Gordon-Hale", "Hibbert", "Lane", "Marsden",
         "Nelson-Pike", "Parchment", "Rowe", "Sterling", "Weekes"), 8,
    ),
    Heritage(
        "OOTH", ("English", "Cantonese", "Arabic", "Pashto", "Vietnamese"),
        ("Amal", "Hana", "Jia", "Layla", "Linh", "Mei", "Rania", "Samira", "Yara", "Yasmin"),
        ("Bao", "Hai", "Idris", "Jun", "Karim", "Ming", "Nabil", "Rashid", "Tariq", "Yusuf"),
        ("Alnoor", "Bui", "Cheung", "Darwish", "Hashemi", "Lau", "Malak", "Ngo", "Popalzai", "Sharif", "Truong",
         "Wong-Hart", "Zahir"), 5,
    ),
)  # fmt: skip

ADULT_WOMEN = (
    "Angela", "Bushra", "Carol", "Donna", "Esther", "Fozia", "Gina", "Helena", "Irena", "Joanne", "Kelly", "Lorraine",
    "Mandeep", "Nadia", "Oksana", "Paula", "Rukhsana", "Sharon", "Tanya", "Valerie", "Wendy", "Yvonne",
)  # fmt: skip
ADULT_MEN = (
    "Alan", "Bogdan", "Craig", "Desmond", "Errol", "Faisal", "Graham", "Harbir", "Imran", "Jason", "Kenneth", "Lee",
    "Mohan", "Nigel", "Omar", "Peter", "Ravi", "Stuart", "Trevor", "Viktor", "Wayne", "Yusuf",
)  # fmt: skip

STREETS = (
    "Quillfield Road", "Lanternfield Lane", "Weaverbrook Avenue", "Tansy Croft", "Marlmere Street", "Old Loom Way",
    "Bellfoundry Close", "Copperbeck Drive", "Larkhollow Rise", "Nettlecombe Street", "Silkthrower Road",
    "Tollkeeper Street", "Hobbin Lane", "Cloughbank Terrace", "Merestone Avenue", "Pitcherwell Road",
    "Sandmartin Close", "Ropery Walk", "Kilnyard Street", "Fernacre Road", "Ferrymeadow Drive", "Gossamer Street",
)  # fmt: skip
SCHOOLS = ("Quillfield Academy", "Merestone School", "Larkhollow High School", "Silkmill Community School")
PRIMARY_SCHOOLS = ("Fernacre Primary School", "Hobbin Lane Primary School", "Ropery Walk Primary School")
