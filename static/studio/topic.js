// One topic: its answer is heard as it is being written; what it is found by is shown when somebody asks.
import { watchPhrasings } from "./phrasings.js";
import { watchPlaying } from "./sound.js";

watchPlaying();
watchPhrasings();
