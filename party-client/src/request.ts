// The query and subprotocols of a connection. The app is asked for its part before each attempt.
import type { Params } from "./address.ts";
import { isBearer } from "./bearer.ts";
import type { RoomOptions } from "./options.ts";
import { RoomError } from "./room-error.ts";
import type { Timings } from "./timings.ts";
import type { RoomTypes } from "./types.ts";
import { VERSION } from "./wire.ts";
import { within } from "./within.ts";

/** The query and the subprotocols with which a connection is opened. */
export type Request = { query: Params; protocols: string[] };

/** Asks the app for a token, if it has accounts. */
export async function tokenOf<T extends RoomTypes>({ token }: RoomOptions<T>, { app }: Timings): Promise<string | undefined> {
  return token && within(app, "token", token);
}

/**
 * Makes a request of what the app gives and of our own parameters. `secret` is what proves who we are where there are
 * no accounts, and `introduction` what the room is to know of us.
 */
export async function requestOf<T extends RoomTypes>(
  options: RoomOptions<T>,
  timings: Timings,
  secret: () => string | undefined,
  introduction: () => unknown,
  own: () => Params,
): Promise<Request> {
  const { token, query, batch, invitation } = options;
  const bearer = token ? await tokenOf(options, timings) : secret();
  if (bearer && !isBearer(bearer)) throw new RoomError("invalid_token", "no connection can be opened with this token");
  const params = typeof query === "function" ? await within(timings.app, "query", query) : query;
  // So that others see it at once. A room refuses an address that is too long.
  const presence = JSON.stringify(introduction());
  const fits = encodeURIComponent(presence).length < 1500;
  return {
    query: { presence: fits ? presence : undefined, ...params, wire: VERSION, batch: batch === false ? undefined : "1", ...own() },
    protocols: ["party", ...carried("bearer", bearer), ...carried("invitation", invitation?.())],
  };
}

/** Returns the subprotocol that carries a secret, unless no subprotocol can. */
function carried(kind: string, secret: string | undefined): string[] {
  return secret && isBearer(secret) ? [`party.${kind}.${secret}`] : [];
}
