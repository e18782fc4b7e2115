// Shows a notification of the browser. Chromium on Android shows none of a page itself: there the service worker that
// keeps the page (`public/offline.js`) shows it, and says when it is clicked.

/** The class has it, and TypeScript does not know: whether a notification that replaces another one is as loud. */
export type Options = NotificationOptions & { tag: string; renotify: boolean };

/** What the service worker says when a notification is clicked: its tag. */
type Clicked = { clicked?: string } | undefined;

/**
 * Shows a notification; `click` is called when it is clicked, and the page has the focus then. Returns how to close it,
 * or `undefined` where the browser shows none.
 */
export async function showNotification(title: string, options: Options, click: () => void): Promise<(() => void) | undefined> {
  try {
    const notification = new Notification(title, options);
    notification.onclick = () => {
      focus();
      notification.close();
      click();
    };
    return () => notification.close();
  } catch {
    const worker = await pageWorker();
    return worker && shownBy(worker, title, options, click);
  }
}

/** Returns the service worker that shows notifications, if this browser keeps the page. */
export async function pageWorker(): Promise<ServiceWorkerRegistration | undefined> {
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  return worker?.active ? worker : undefined;
}

/** What is to be done when a notification of the service worker is clicked, by its tag. */
const clicks = new Map<string, () => void>();

async function shownBy(worker: ServiceWorkerRegistration, title: string, options: Options, click: () => void): Promise<(() => void) | undefined> {
  const { tag } = options;
  try {
    // Whoever clicks it after the page was closed is led to the room.
    await worker.showNotification(title, { ...options, data: location.pathname } as NotificationOptions);
  } catch {
    return undefined;
  }
  clicks.set(tag, click);
  navigator.serviceWorker.onmessage = ({ data }: MessageEvent<Clicked>) => clicks.get(data?.clicked ?? "")?.();
  return () => {
    clicks.delete(tag);
    void worker.getNotifications({ tag }).then((all) => all.forEach((one) => one.close()));
  };
}
