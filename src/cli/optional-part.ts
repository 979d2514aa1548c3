/**
 * What another package brings; undefined: it is not installed. Rejects with what is wrong with one that is there, such as one of
 * another version.
 */
export function optionalPart<T>(part: Promise<T>): Promise<T | undefined> {
  return part.catch(error => {
    // QuickJS's word for a file that is not there.
    if (error instanceof ReferenceError && error.message.startsWith('could not load')) return undefined;
    throw error;
  });
}
