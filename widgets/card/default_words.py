"""What a card says where its owner wrote nothing, in each language the card speaks.

static/widget/frame/strings holds everything else that a card says; these are here, because an owner may write their
own, and because what a visitor agrees to has to be known on the server.
"""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "welcome": "Ask us anything. A computer voice answers, by day and by night.",
        "start_label": "Start call",
        "end_label": "End call",
        "launcher_label": "",
        "message": "By starting the call you agree that you talk with a computer voice, and that the call may be "
        "recorded so that we can improve our answers.",
        "button": "I consent to call",
        "privacy": "privacy policy",
        "terms": "terms",
        "launcher": "Call {agent}",
        "back": "Back to your call",
    },
    "de": {
        "welcome": "Fragen Sie uns. Eine Computerstimme antwortet, bei Tag und bei Nacht.",
        "start_label": "Anrufen",
        "end_label": "Auflegen",
        "launcher_label": "",
        "message": "Mit dem Anruf stimmen Sie zu, dass Sie mit einer Computerstimme sprechen und dass das Gespräch "
        "aufgezeichnet werden kann, damit wir unsere Antworten verbessern können.",
        "button": "Einverstanden, anrufen",
        "privacy": "Datenschutzerklärung",
        "terms": "Nutzungsbedingungen",
        "launcher": "{agent} anrufen",
        "back": "Zurück zum Gespräch",
    },
    "fr": {
        "welcome": "Posez-nous vos questions. Une voix d’ordinateur répond, jour et nuit.",
        "start_label": "Appeler",
        "end_label": "Raccrocher",
        "launcher_label": "",
        "message": "En appelant, vous acceptez de parler à une voix d’ordinateur et que l’appel puisse être enregistré "
        "afin d’améliorer nos réponses.",
        "button": "J’accepte et j’appelle",
        "privacy": "politique de confidentialité",
        "terms": "conditions",
        "launcher": "Appeler {agent}",
        "back": "Revenir à l’appel",
    },
    "es": {
        "welcome": "Pregúntenos lo que quiera. Responde una voz de ordenador, de día y de noche.",
        "start_label": "Llamar",
        "end_label": "Colgar",
        "launcher_label": "",
        "message": "Al llamar acepta que habla con una voz de ordenador y que la llamada puede grabarse para mejorar "
        "nuestras respuestas.",
        "button": "Acepto y llamo",
        "privacy": "política de privacidad",
        "terms": "condiciones",
        "launcher": "Llamar a {agent}",
        "back": "Volver a la llamada",
    },
    "ar": {
        "welcome": "اسألنا عن أي شيء. يجيبك صوت حاسوب ليلًا ونهارًا.",
        "start_label": "بدء المكالمة",
        "end_label": "إنهاء المكالمة",
        "launcher_label": "",
        "message": "ببدء المكالمة توافق على أنك تتحدث مع صوت حاسوب، وعلى أن المكالمة قد تُسجَّل لكي نحسّن إجاباتنا.",
        "button": "أوافق وأبدأ المكالمة",
        "privacy": "سياسة الخصوصية",
        "terms": "الشروط",
        "launcher": "الاتصال بـ {agent}",
        "back": "العودة إلى المكالمة",
    },
}
# What a language calls itself: whoever looks for it reads it.
NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ar": "العربية"}
