"""What a rep would type, and the place in the sample organisation of the lead that is meant.

Written from the names, not from what the search finds: beginnings, typos, swapped letters,
words left out or turned round, initials, people, emails, domains, phones, other scripts.
"""

QUERIES: tuple[tuple[str, int], ...] = (
    # beginnings and whole names
    ("wayne", 0), ("wayne ent", 0), ("Wayne Enterprises", 0), ("WAYNE", 0), ("wanda", 1),
    ("wanda's", 1), ("wandas won", 1), ("wandering", 2), ("rocket", 13), ("rocket surg", 13),
    ("bold & bro", 14), ("acme corp", 15), ("acme corporation", 15),
    ("acme anv", 16), ("acme pat", 17), ("o'reilly and", 18), ("oreilly and d", 18), ("sao pau", 19),
    ("istanbul", 20), ("aero faer", 21), ("nandu", 22), ("strasse 12", 23), ("42 deg", 24),
    ("42", 24), ("line break", 25), ("mixed dir", 26), ("the extraordinarily", 27), ("a", 29),
    ("quotes", 30), ("quotes r us", 30), ("c++", 31), ("coffee roast", 32), ("da nang", 33),
    ("slate foods", 38), ("topaz vet", 39), ("birch pr", 40), ("solar outf", 41),
    ("glacier opt", 42), ("kowalski & patel", 43), ("fischer edu", 44), ("garnet app", 46),
    ("indigo sys", 51), ("hazel netw", 56), ("noble brew", 59), ("union brew", 69),
    ("lunar mat", 77), ("marble light", 90), ("zhang app", 98), ("clearclear", 105),
    # accents, umlauts, other ways to spell
    ("müller", 3), ("mueller", 3), ("muller sohne", 3), ("mueller soehne", 3), ("société", 4),
    ("societe boul", 4), ("zolta", 5), ("lodz", 5), ("Łódź", 5), ("acmé", 17), ("são paulo", 19),
    ("cafes", 19), ("ISTANBUL HALI", 20), ("færger", 21), ("ñandú", 22), ("straße", 23),
    ("strasse", 23), ("đà nẵng", 33), ("xuat khau", 33), ("garcia energy", 79),
    # and, &, legal forms
    ("müller und söhne", 3), ("muller and sohne", 3), ("oreilly & daughters", 18),
    ("murphy and jones", 100), ("lewis and ricci", 102), ("kowalski patel", 43),
    ("wayne enterprises inc", 0), ("wayne enterprises gmbh", 0), ("acme anvils limited", 16),
    ("müller & söhne", 3), ("birch press llc", 40), ("glacier optics", 42), ("elm legal inc", 88),
    ("aurora materials", 1000), ("strasse 12 logistik", 23), ("bold and brothers", 14),
    # words turned round, or from the middle
    ("enterprises", 0), ("enterprises wayne", 0), ("surgery", 13), ("surgery rocket", 13),
    ("wondrous", 1), ("minds", 2), ("boulangere", 4), ("evreux", 4), ("anvils", 16),
    ("patisserie", 17), ("daughters", 18), ("degrees", 24), ("north 42", 24), ("roasters", 32),
    ("winding company", 27), ("outfitters golden", 52), ("woodworks arbor", 78),
    ("sohne muller", 3), ("patel kowalski", 43), ("direction media", 26),
    # typos and swapped letters
    ("wanye", 0), ("wayen", 0), ("wayne enterprizes", 0), ("wayne entreprises", 0),
    ("enterpises", 0), ("wandreing", 2), ("wonderous", 1), ("rokcet", 13), ("rocket surgrey", 13),
    ("acme corportion", 15), ("acme anvlis", 16), ("patiserie", 17), ("oriely", 18),
    ("o'rielly", 18), ("istambul", 20), ("instanbul", 20), ("muler sohne", 3), ("mulller", 3),
    ("degress north", 24), ("extraordinarly long", 27), ("glaicer optics", 42),
    ("saffron recyling", 93), ("topaz vetrinary", 39), ("noble brewnig", 59),
    ("marbel lighting", 90), ("indogo systems", 51), ("lunar materails", 77),
    ("garnet aparel", 46), ("kowlaski patel", 43), ("zhang aparel", 98), ("boulangrie", 4),
    ("roketsurgery", 13), ("birhc press", 40), ("unoin brewing", 69),
    # initials, and spaces left out
    ("we", 0), ("rsl", 13), ("www", 1), ("dn", 24), ("42dn", 24), ("wayneenterprises", 0),
    ("rocketsurgery", 13), ("acmeanvils", 16), ("wanderingminds", 2), ("linebreak", 25),
    # people
    ("lucius", 0), ("lucius fox", 0), ("fox lucius", 0), ("kowalczyk", 1), ("wendell", 2),
    ("jürgen", 3), ("jurgen muller", 3), ("juergen", 3), ("eloise", 4), ("lefevre", 4), ("gesla", 5),
    ("ada okafor", 13), ("jane doe", 15), ("coyote", 16), ("wile e coyote", 16),
    ("jean-luc", 17), ("jeanluc bernard", 17), ("siobhan", 18), ("siobhán o'reilly", 18),
    ("joao conc", 19), ("isil", 20), ("soren bj", 21), ("inigo nunez", 22), ("heike gross", 23),
    ("lindqvist", 24), ("brekke", 25), ("dana peretz", 26), ("max length", 27),
    ("una named", 28), ("al short", 29), ("quentin", 30), ("cecilia sharp", 31),
    ("kenji mori", 32), ("nguyen thi hoa", 33), ("luciux fox", 0), ("lucuis", 0),
    ("cyote", 16), ("siobahn", 18), ("kenji moro", 32), ("acme jane", 15), ("wayne lucius", 0),
    ("amelia okafor slate", 38), ("kai kaya", 42), ("yusuf lopez garnet", 46),
    # emails and domains
    ("lucius.fox@wayneenterprises.example", 0), ("lucius.fox@", 0), ("wayneenterprises.example", 0),
    ("www.wayneenterprises.example", 0), ("https://www.rocketsurgerylabs.example/about", 13),
    ("jane.doe@acme", 15), ("coyote@acmeanvils", 16), ("oreillyanddaughters", 18),
    ("soren.bjorn", 21), ("kenji.mori@coffeeroasters.example", 32), ("office@lead6.example", 6),
    ("quentin.marks@quotesrus.example", 30), ("valentina.nowak@solar", 41),
    ("LUCIUS.FOX@WAYNEENTERPRISES.EXAMPLE", 0), ("mullersohnegmbh.example", 3),
    # phones
    ("+1 979-555-5474", 0), ("9795555474", 0), ("(979) 555-5474", 0), ("979 555 5474", 0),
    ("1-979-555-5474", 0), ("001 979 555 5474", 0), ("5555474", 0), ("555 5212", 1),
    ("+1 (459) 555 4543", 15), ("838.555.8459", 16), ("tel:+14575556536", 18), ("796555", 24),
    ("0979 555 5474", 0),
    # other scripts
    ("αθηναϊκή", 6), ("αθηναικη", 6), ("ΖΥΘΟΠΟΙΙΑ", 6), ("ελένη", 6), ("ромашка", 7), ("Ромаш", 7),
    ("ромашак", 7), ("кузнецова", 7), ("النخيل", 8), ("نخيل", 8), ("ليلى", 8), ("התפוח", 9),
    ("נועה", 9), ("さくら", 10), ("サクラ", 10), ("株式会社さくら", 10), ("商事", 10), ("佐藤", 10),
    ("花子", 10), ("长城", 11), ("北京", 11), ("王小明", 11), ("王 小明", 11), ("서울", 12),
    ("소프트", 12), ("민준", 12), ("משרד", 26), ("日本橋", 32), ("ไทย", 34), ("สมุนไพร", 34),
    ("สมชาย", 34), ("भारत", 35), ("मसाले", 35), ("प्रिया", 35), ("🚀", 13), ("<b>Bold</b>", 14),
    # with a status
    ("status:customer wandering", 2), ("wayne status:not", 0), ('status:"bad fit" müller', 3),
    ("status:qualified acm", 17), ("acme status:potential", 16),
)  # fmt: skip
