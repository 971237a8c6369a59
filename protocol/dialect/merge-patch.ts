type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A merge patch (RFC 7396): objects are merged member by member, null takes a member away, anything
 * else replaces what was there. Neither argument is changed.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  return merge(target as Json, patch as Json);
}

function merge(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: { [key: string]: Json } = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    // A member of this name would be the prototype of the result, not data.
    if (key === '__proto__') continue;
    if (value === null) delete merged[key];
    else merged[key] = merge(Object.hasOwn(merged, key) ? merged[key] : undefined, value);
  }
  return merged;
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
