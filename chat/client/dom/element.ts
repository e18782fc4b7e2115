// What a view is made of: descriptions of elements, as JSX writes them. `render.ts` makes the page like them.

/** A function that describes a part of the page. Called again with other props, or when something has changed that it uses by a hook. */
export type Component<Props> = (props: Props) => Child;

export type Child = Description | string | number | boolean | null | undefined | readonly Child[];

export type Description = {
  /** A tag, a component, or `TEXT`. */
  type: string | Component<Record<string, unknown>>;
  props: Record<string, unknown> & { children?: readonly Child[] };
  /** What it is known by among its siblings, wherever it then stands. */
  key: unknown;
};

/** The type of text, whose words are in the property `text`. */
export const TEXT = "";

/** What JSX calls. */
export function h(type: string | Component<never>, props: Record<string, unknown> | null, ...children: Child[]): Description {
  return { type: type as Description["type"], props: { ...props, children }, key: props?.["key"] };
}

/** Several children without an element around them, as `<>` writes them. */
export const Fragment = ({ children }: { children?: readonly Child[] }): Child => children;

/** Keeps hold of an element as long as it is there. */
export type Ref<E> = { current: E | null };

type Value = string | number | boolean | undefined;

/** Attributes are written as in HTML. Those of other names are a mistake, until they are put here. */
type Name =
  | "autocomplete" | "class" | "closedby" | "datetime" | "dir" | "disabled" | "enterkeyhint" | "href" | "id" | "maxlength" | "name"
  | "placeholder" | "popover" | "popovertarget" | "rel" | "role" | "rows" | "spellcheck" | "tabindex" | "target" | "title" | "type";

type Handlers<E> = {
  [event in keyof HTMLElementEventMap as `on${event}`]?: ((event: HTMLElementEventMap[event] & { currentTarget: E }) => void) | undefined;
};

type Attributes<E> = { [name in Name | `aria-${string}` | `data-${string}`]?: Value } & Handlers<E> & {
    key?: unknown;
    ref?: Ref<E>;
    /** As in a style sheet. */
    style?: string;
    /** What an input holds, whatever was typed. */
    value?: string;
    children?: Child;
  };

export declare namespace h {
  namespace JSX {
    type Element = Description;
    type ElementType = keyof IntrinsicElements | Component<never>;
    type ElementChildrenAttribute = { children: unknown };
    type IntrinsicAttributes = { key?: unknown };
    type IntrinsicElements = { [tag in keyof HTMLElementTagNameMap]: Attributes<HTMLElementTagNameMap[tag]> } & {
      [tag in "svg" | "use"]: Attributes<SVGElement>;
    };
  }
}
