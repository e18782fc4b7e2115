// The colours of the members.

/**
 * Returns a member's colour as an angle on the colour wheel. Steps of the golden angle keep neighbouring numbers apart.
 */
export function hueOf(number: number): number {
  return (number * 137) % 360;
}
