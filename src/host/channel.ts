/** The script's end of the socket pair to kedged: descriptor 3, one message one frame, nonblocking. */
import * as os from 'os';
import { FRAME_MAX } from './netio-frame.ts';

/** What the client of the helper needs of its connection. A test can stand in for it. */
export interface Channel {
  /** Takes a frame, or returns false when there is no room now; `writable` is called when there is again. */
  write(frame: Uint8Array): boolean;
  /** Called once: who takes the frames, hears of room, and of the helper's end. */
  attach(user: ChannelUser): void;
}

export interface ChannelUser {
  /** `frame` is valid during the call only. */
  frame(frame: Uint8Array): void;
  writable(): void;
  ended(): void;
}

const HELPER = 3;
/** So many frames are read before timers and other descriptors get their turn. */
const FRAMES_PER_WAKE = 64;

/** The channel that kedged gave this process. */
export class HelperChannel implements Channel {
  private user: ChannelUser | undefined;
  private readonly buffer = new Uint8Array(FRAME_MAX);

  attach(user: ChannelUser): void {
    this.user = user;
    os.setReadHandler(HELPER, () => this.read(user));
  }

  write(frame: Uint8Array): boolean {
    const result = os.write(HELPER, frame.buffer, frame.byteOffset, frame.length);
    // Every failure is waited out: a full queue ends by itself, and a dead helper shows as the end when reading.
    if (result < 0) {
      os.setWriteHandler(HELPER, () => {
        os.setWriteHandler(HELPER, null);
        this.user?.writable();
      });
      return false;
    }
    return true;
  }

  private read(user: ChannelUser): void {
    for (let count = 0; count < FRAMES_PER_WAKE; count++) {
      const length = os.read(HELPER, this.buffer.buffer, 0, FRAME_MAX);
      if (length < 0) return;
      if (length === 0) {
        os.setReadHandler(HELPER, null);
        os.setWriteHandler(HELPER, null);
        user.ended();
        return;
      }
      user.frame(this.buffer.subarray(0, length));
    }
  }
}
