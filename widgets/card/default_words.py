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
        "FRAME_UNREACHABLE": "Calls cannot start here right now.",
        "INSECURE_PAGE": "Calls need a secure page (https)",
        "UNSUPPORTED_BROWSER": "Calls need a newer browser",
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
        "FRAME_UNREACHABLE": "Der Anruf lässt sich hier gerade nicht starten.",
        "INSECURE_PAGE": "Anrufe brauchen eine sichere Seite (https)",
        "UNSUPPORTED_BROWSER": "Anrufe brauchen einen neueren Browser",
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
        "FRAME_UNREACHABLE": "L’appel ne peut pas démarrer ici pour le moment.",
        "INSECURE_PAGE": "Les appels exigent une page sécurisée (https)",
        "UNSUPPORTED_BROWSER": "Les appels exigent un navigateur plus récent",
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
        "FRAME_UNREACHABLE": "La llamada no se puede iniciar aquí en este momento.",
        "INSECURE_PAGE": "Las llamadas requieren una página segura (https)",
        "UNSUPPORTED_BROWSER": "Las llamadas requieren un navegador más reciente",
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
        "FRAME_UNREACHABLE": "يتعذّر بدء المكالمة هنا الآن.",
        "INSECURE_PAGE": "تتطلّب المكالمات صفحة آمنة (https)",
        "UNSUPPORTED_BROWSER": "تتطلّب المكالمات متصفحًا أحدث",
    },
}
# What a language calls itself: whoever looks for it reads it.
NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ar": "العربية"}
