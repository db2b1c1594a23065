/** Small choices of this device that the locked screen needs too. A browser that keeps nothing only forgets them. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The browser's settings forbid it: the choice lasts as long as the page.
  }
}
