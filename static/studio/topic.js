// One topic: its answer is heard as it is being written.
import { watchPlaying } from "./sound.js";

watchPlaying();
