/** What TensorFlow accepts in names of nodes. */
export function toNodeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]/g, '_').replace(/^(?![A-Za-z0-9.])/, '.');
}

/** The same for scopes and a name, with slashes between them. */
export function toNodePath(path: string): string {
  return path.split('/').map(toNodeName).join('/');
}
