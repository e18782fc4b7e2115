// Waiting for a promise of the app's, which may never settle.
import { RoomError } from "./room-error.ts";
import { timer } from "./timer.ts";

/** Settles as what `make` gives does. If that takes too long, it rejects: then `what` is to blame. */
export function within<T>(delay: number, what: string, make: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = timer(() => reject(new RoomError("no_answer", `${what} did not answer within ${delay / 1000} seconds`)));
    late.set(delay);
    new Promise<T>((made) => made(make())).finally(late.stop).then(resolve, reject);
  });
}
