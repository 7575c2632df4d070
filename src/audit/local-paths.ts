/** Of each path in a message its last part alone: folders such as the home of whoever runs the audit do not belong in a report on a server. */
export function withoutFolders(text: string): string {
  return text.replace(/(?<![^\s("'`=])(?:~|\/)[^\s"'`()]*\//g, "");
}
