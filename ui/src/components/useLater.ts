import { useEffect, useState } from "react";

/** useLater gives a value once it has stood still, so that typing does not ask at each key. */
export function useLater<T>(value: T): T {
  const key = JSON.stringify(value);
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(key) as T), 300);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}
