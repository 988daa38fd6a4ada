/** All that a call can begin without, in one piece for later.js. */

import { add, parts } from '../card.js';
import { EN_LATER } from '../strings/en-later.js';
import { Devices } from './devices.js';
import './drawings.js';
import { Handover } from './handover.js';
import { checkInfo } from './info.js';
import { More } from './more.js';
import { copy } from './rare.js';
import { rating } from './rating.js';
import { Typing, voiceless } from './typing.js';

add('en', EN_LATER);
Object.assign(parts, { Devices, Handover, More, Typing, checkInfo, copy, rating, voiceless });
