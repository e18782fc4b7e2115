// The place of a file in its message. It has its size before it is filled, so that nothing moves.
import { h, type ComponentChildren } from "preact";
import { isPicture } from "../picture.ts";
import type { MessageBody } from "../protocol.ts";

type File = Pick<NonNullable<MessageBody["file"]>, "type" | "width" | "height">;

export function FilePlace({ file, children }: { file: File; children: ComponentChildren }) {
  return (
    <div class="file" data-picture={isPicture(file)} style={{ "--w": file.width, "--h": file.height }}>
      {children}
    </div>
  );
}
