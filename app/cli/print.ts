/** Prints a value for programs, or its text for people. */
export function print(o: Readonly<{ json?: boolean | undefined }>, value: unknown, text: () => string): void {
  console.log(o.json ? JSON.stringify(value, null, 2) : text())
}
