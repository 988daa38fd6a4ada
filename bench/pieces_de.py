"""What callers say in German, for `bench pieces --german`: a car workshop's callers, as in pieces_said.py.

Written in one go before anything German was measured with sound. `|` stands where the caller is silent.
"""

from bench.pieces_said import Said

VOICES = ("pico:de-DE", "espeak:de", "pico:de-DE~7", "espeak:de+f2")
BUSINESS = "werkstatt_de"

PAUSED: tuple[Said, ...] = (
    ("asking, then what", "Können Sie mir sagen, | was eine Inspektion kostet?"),
    ("asking, then what", "Ich wollte fragen, | ob mein Auto schon fertig ist."),
    ("asking, then what", "Wissen Sie zufällig, | wann der Prüfer kommt?"),
    ("asking, then what", "Ich rufe an, | weil meine Bremsen quietschen."),
    ("middle", "Ich würde gern am Montag | meine Reifen wechseln lassen."),
    ("middle", "Kann ich den Wagen | schon am Abend bringen?"),
    ("middle", "Wie viel kostet bei Ihnen | ein Ölwechsel?"),
    ("middle", "Seit gestern leuchtet | eine gelbe Lampe."),
    ("statement, then question", "Mein Auto springt nicht an. | Können Sie mich abschleppen?"),
    ("statement, then question", "Ich habe einen Steinschlag. | Was kostet das?"),
    ("statement, then question", "Wir fahren nächste Woche in Urlaub. | Haben Sie vorher noch einen Termin?"),
    ("digits", "Meine Nummer ist null eins sieben, | vier vier zwei, | neun drei."),
    ("digits", "Die Nummer lautet fünf sechs, | acht null, | eins zwei."),
    ("um", "Ähm, | ich brauche neue Winterreifen."),
    ("um", "Haben Sie, äh, | einen Leihwagen für mich?"),
    ("okay", "Okay. | Und wie lange dauert das?"),
    ("correction", "Ich komme am Dienstag, | nein, am Mittwoch."),
    ("correction", "Es sind die vorderen, | ich meine die hinteren Bremsen."),
    ("two sentences", "Ich hatte einen Unfall. | Die Tür geht nicht mehr zu."),
    ("slow", "Ich möchte | mein Auto | zur Hauptuntersuchung | anmelden."),
)
WHOLE: tuple[Said, ...] = (
    ("question", "Wann haben Sie geöffnet?"),
    ("question", "Was kostet ein Reifenwechsel?"),
    ("question", "Wie komme ich zu Ihnen?"),
    ("question", "Kann ich auf das Auto warten?"),
    ("question", "Nehmen Sie auch Kreditkarten?"),
    ("question", "Reparieren Sie Elektroautos?"),
    ("question", "Gibt es eine Garantie auf die Arbeit?"),
    ("question", "Und was kostet das Einlagern?"),
    ("statement", "Meine Klimaanlage kühlt nicht."),
    ("statement", "Ich möchte einen Termin machen."),
    ("statement", "Ich habe meinen Schlüssel verloren."),
    ("statement", "Ich brauche einen Leihwagen."),
)
