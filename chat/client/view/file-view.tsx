// A file in its message: a picture, or a card from which it is downloaded.
import * as texts from "#texts/files.ts";
import { Fragment, h } from "preact";
import type { RoomFile } from "party-client";
import { sizeText } from "../file-size.ts";
import { isPicture } from "../picture.ts";
import type { RoomSession } from "../room-session.ts";
import { addressIn } from "../uploads.ts";
import { Icon } from "./icons.tsx";
import { pictureShown } from "./picture-dialog.tsx";

export function FileView({ file, session: { room } }: { file: RoomFile; session: RoomSession }) {
  const { id, name } = file;
  const address = addressIn(room, id);
  if (!isPicture(file)) {
    return (
      <a class="file-card" href={room.fileAddress(id)} download={name}>
        <FileFacts file={file} />
        <span class="visually-hidden">, {texts.download}</span>
        <Icon name="down" />
      </a>
    );
  }
  return (
    <button
      type="button"
      class="picture"
      title={texts.showLarge(name)}
      aria-haspopup="dialog"
      onClick={() => (pictureShown.value = { name, address, original: room.fileAddress(id) })}
    >
      <Picture file={file} address={address} />
    </button>
  );
}

/** The same for a file that is on its way: it leads nowhere. */
export function LocalFile({ file, address }: { file: Omit<RoomFile, "id">; address: string | undefined }) {
  if (isPicture(file) && address !== undefined) return <Picture file={file} address={address} />;
  return (
    <span class="file-card">
      <FileFacts file={file} />
    </span>
  );
}

function Picture({ file: { name, width, height }, address }: { file: Omit<RoomFile, "id">; address: string }) {
  return <img src={address} alt={name} width={width} height={height} loading="lazy" decoding="async" draggable={false} />;
}

function FileFacts({ file: { name, size } }: { file: Omit<RoomFile, "id"> }) {
  return (
    <>
      <Icon name="file" />
      <span class="file-facts">
        <bdi class="file-name" title={name}>
          {name}
        </bdi>
        <span class="visually-hidden">, </span>
        <span class="file-size">{sizeText(size)}</span>
      </span>
    </>
  );
}
