// The room of a metered worker: the compiled chat, or the peer.

/** A room that answers requests; its other handlers are the platform's business. */
export class Chat {
  constructor(ctx: DurableObjectState, env: unknown);
  fetch(request: Request): Response | Promise<Response>;
}

declare const worker: ExportedHandler;
export default worker;
