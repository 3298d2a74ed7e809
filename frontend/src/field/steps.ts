// Pauses between the steps of a start, in which the phone draws and hears taps.

/** After the next picture was drawn; a page in the background, which draws none, goes on by itself. */
export function frame(): Promise<void> {
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 300);
  });
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

export const breath = () => pause(0);

/** When the phone has nothing else to do, or after a while all the same. */
export function idle(): Promise<void> {
  if (!("requestIdleCallback" in globalThis)) return breath();
  return new Promise((done) => requestIdleCallback(() => done(), { timeout: 2000 }));
}
