"""Words from which the sample organisation is made.

Any thread. Constants only.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# (company, main contact): names a search has to cope with.
CURATED: tuple[tuple[str, str], ...] = (
    ("Wayne Enterprises", "Lucius Fox"),
    ("Wanda's Wondrous Wares", "Wanda Kowalczyk"),
    ("Wandering Minds", "Wendell Pryce"),
    ("Müller & Söhne GmbH", "Jürgen Müller"),
    ("Société Boulangère d'Évreux", "Éloïse Lefèvre"),
    ("Browar Żółta Łódź Sp. z o.o.", "Zażółć Gęślą"),
    ("Αθηναϊκή Ζυθοποιία Α.Ε.", "Ελένη Παπαδοπούλου"),
    ("ООО «Ромашка»", "Анна Кузнецова"),
    ("شركة النخيل للتجارة", "ليلى حداد"),
    ("חברת התפוח בע״מ", "נועה לוי"),
    ("株式会社さくら商事", "佐藤 花子"),
    ("北京长城科技有限公司", "王 小明"),
    ("서울소프트 주식회사", "김 민준"),
    ("🚀 Rocket Surgery Labs", "Ada Okafor"),
    ("<b>Bold</b> & Brothers", "Bob <i>Bold</i>"),
    ("Acme Corporation", "Jane Doe"),
    ("ACME Anvils Ltd.", "Wile E. Coyote"),
    ("Acmé Pâtisserie", "Jean-Luc Bernard"),
    ("O'Reilly and Daughters", "Siobhán O'Reilly"),
    ("São Paulo Cafés Ltda.", "João Conceição"),
    ("İstanbul Halı A.Ş.", "Işıl Yıldız"),
    ("Ærø Færger ApS", "Søren Bjørn"),
    ("Ñandú Pastas S.A.", "Íñigo Núñez"),
    ("Straße 12 Logistik AG", "Heike Groß"),
    ("42 Degrees North", "Nora Lindqvist"),
    ("Line\nBreak Logistics", "Lin Brekke"),
    ("\u200fמשרד\u200e Mixed Direction Media", "Dana Peretz"),
    (
        (
            "The Extraordinarily Long and Winding Company Name That Somebody Once Typed Into a "
            "Form Without Ever Thinking of the Poor List That Would Have to Show It, Incorporated"
        ),
        "Max Length",
    ),
    ("", "Una Named"),
    ("A", "Al Short"),
    ('Quotes "R" Us', "Quentin Marks"),
    ("C++ & C# Consulting", "Cecilia Sharp"),
    ("日本橋 Coffee Roasters", "Kenji Mori"),
    ("Đà Nẵng Xuất Khẩu", "Nguyễn Thị Hoa"),
    ("ไทยสมุนไพร", "สมชาย ใจดี"),
    ("भारत मसाले", "प्रिया शर्मा"),
)

FIRST_WORDS = _words(
    """
    Amber Anchor Apex Arbor Argent Aspen Atlas Aurora Autumn Azure Beacon Birch Blue Bold Boreal
    Brass Bright Bronze Canyon Cardinal Cascade Cedar Cinder Clear Cobalt Comet Copper Coral
    Crescent Crystal Dawn Delta Drift Eagle Early East Echo Elm Ember Emerald Evergreen Falcon
    Fern First Flint Forge Fox Garnet Gentle Glacier Golden Granite Green Harbor Hazel Heron High
    Hollow Indigo Iron Ivory Jade Juniper Keystone Kindred Lantern Laurel Linden Lunar Maple
    Marble Meadow Mercury Mill Mist Noble North Oak Onyx Opal Orchard Osprey Pacific Pearl Pine
    Pioneer Prairie Quartz Quiet Raven Red Ridge River Rowan Sable Saffron Sage Silver Slate Solar
    South Spruce Sterling Stone Summit Swift Tidal Timber Topaz Union Vale Velvet Verdant West
    Wild Willow Winter
    """
)

SECOND_WORDS = _words(
    """
    Analytics Apparel Biotech Brewing Capital Catering Ceramics Cloud Components Construction
    Consulting Cycles Dairy Dental Design Dynamics Education Electric Energy Engineering Events
    Farms Fitness Foods Freight Furniture Games Gardens Glass Health Hotels Imaging Insurance
    Interiors Jewelers Kitchens Labs Legal Lighting Logistics Machining Marine Materials Media
    Metals Mobility Motors Networks Optics Outfitters Packaging Paper Partners Pharma Plastics
    Press Properties Recruiting Recycling Robotics Roofing Security Semiconductors Shipping
    Software Solutions Staffing Studios Supply Surgical Systems Textiles Tools Toys Trading Travel
    Ventures Veterinary Water Wellness Woodworks
    """
)

LEGAL_FORMS = (
    *("", "", "", ""),
    *_words("Inc. Inc. LLC LLC Ltd. Co. Corp. Group Holdings GmbH AG S.A. B.V. AB Oy Limited"),
)

CITIES: tuple[tuple[str, str, str], ...] = (
    ("Austin", "TX", "US"),
    ("Boston", "MA", "US"),
    ("Chicago", "IL", "US"),
    ("Denver", "CO", "US"),
    ("Portland", "OR", "US"),
    ("Seattle", "WA", "US"),
    ("Toronto", "ON", "CA"),
    ("London", "", "GB"),
    ("Berlin", "", "DE"),
    ("München", "", "DE"),
    ("Paris", "", "FR"),
    ("Kraków", "", "PL"),
    ("Αθήνα", "", "GR"),
    ("Madrid", "", "ES"),
    ("Zürich", "", "CH"),
    ("Tokyo", "", "JP"),
    ("Sydney", "NSW", "AU"),
    ("Nairobi", "", "KE"),
)

FIRST_NAMES = _words(
    """
    Aaron Abigail Aisha Alejandro Amelia Amir Ana Andre Anika Benjamin Bianca Carlos Chen Chloe
    Clara Daniel Diego Elena Eli Emma Ethan Fatima Felix Fiona Gabriel Grace Hana Hugo Ingrid
    Isaac Isabel Jamal Jasmine Jonas José Julia Kai Karim Laura Leila Liam Lucia Marcus Maria Maya
    Mei Mohammed Nadia Naomi Nina Noah Olga Oliver Omar Paula Priya Rafael Rosa Samir Sara Sofia
    Stefan Tara Thomas Valentina Victor Yara Yusuf Zoë
    """
)

LAST_NAMES = _words(
    """
    Adams Ahmed Almeida Andersson Baker Becker Bianchi Brown Campbell Castillo Chen Clark Cohen
    Costa Davies Diaz Dubois Evans Fernández Fischer Foster García Green Gupta Haddad Hansen Hill
    Ito Ivanova Jackson Jensen Johnson Jones Kaya Khan Kim King Kowalski Kumar Larsen Lee Lewis
    Lopez Martin Mendoza Meyer Miller Moreau Murphy Nakamura Nguyen Novak Nowak O'Brien Okafor
    Olsen Park Patel Peterson Popescu Reyes Ricci Roberts Rossi Santos Sato Schmidt Silva Singh
    Smith Suzuki Tanaka Taylor Torres Turner Walker Weber White Wilson Wong Wright Yamamoto Young
    Zhang
    """
)

TITLES: tuple[str, ...] = (
    "CEO",
    "CFO",
    "CTO",
    "Founder",
    "Co-Founder",
    "VP of Sales",
    "VP Marketing",
    "Head of Operations",
    "Office Manager",
    "Purchasing Manager",
    "IT Director",
    "Account Executive",
    "Product Manager",
    "Buyer",
    "Owner",
    "",
)

STATUSES: tuple[str, ...] = (
    "Potential",
    "Contacted",
    "Qualified",
    "Customer",
    "Bad Fit",
    "Canceled",
    "Not Interested",
)

USERS: tuple[tuple[str, str], ...] = (
    ("Robin", "Castellano"),
    ("Dana", "Whitfield"),
    ("Priya", "Raman"),
    ("Łukasz", "Wójcik"),
    ("Mei", "Tanaka"),
    ("Tomás", "Herrera"),
    ("Aïcha", "Benali"),
    ("Olu", "Adeyemi"),
    ("Freya", "Nyström"),
    ("Sam", "O'Neill"),
    ("Юлия", "Орлова"),
    ("陈", "伟"),
)

GROUPS: tuple[str, ...] = ("Sales", "Customer Success", "Équipe Europe")
