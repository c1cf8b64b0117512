"""How Close Notes is packed for people who have no Python; nothing here is part of the program."""
