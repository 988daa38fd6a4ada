/** Arabic words of a chat that goes on aloud. */

import { add } from '../card.js';

export const table = {
  'call': 'مكالمة',
  'call.connecting': 'جارٍ الاتصال…',
  'call.asking': 'اسمح بالميكروفون',
  'call.listening': 'يستمع',
  'call.thinking': 'يفكّر',
  'call.speaking': 'يتحدّث',
  'call.reconnecting': 'جارٍ إعادة الاتصال…',
  'call.muted': 'صوتك مكتوم',
  'call.write': 'اكتب هنا، فالمكالمة مستمرة',
  'mute': 'كتم الصوت',
  'unmute': 'إلغاء الكتم',
  'hangup': 'إنهاء المكالمة',
  'call.blocked': 'الميكروفون محظور',
  'call.blocked.words': 'اسمح به بجانب عنوان هذه الصفحة ثم اضغط «تحدّث بدلًا من ذلك» مرة أخرى، أو واصل الكتابة.',
  'call.mic': 'تعذّر فتح أي ميكروفون',
  'call.mic.words': 'صِل ميكروفونًا أو أغلق التطبيق الذي يستخدمه. الكتابة تعمل كما كانت.',
  'call.full': 'جميع الخطوط مشغولة الآن',
  'call.full.words': 'واصل الكتابة، أو حاول التحدّث مجددًا بعد دقيقة.',
  'call.elsewhere': 'هناك مكالمة في علامة تبويب أخرى',
  'call.elsewhere.words': 'أنهِها هناك أولًا. يمكنك الكتابة هنا أيضًا.',
  'call.failed': 'لم تتم المكالمة',
  'call.failed.words': 'لم يُفقد شيء مما كتبته. واصل الكتابة أو حاول مرة أخرى.',
};

add('ar', table);
