import { useEffect, type ReactNode } from "react";
import { useNavigate } from "react-router";

/**
 * Links lets every plain `<a href="/...">` move within the portal without loading it anew, so that components need
 * not know the router. What the browser would do by itself - a new tab, a download - it still does.
 */
export function Links({ children }: { children: ReactNode }) {
  const navigate = useNavigate();
  useEffect(() => {
    function clicked(event: MouseEvent) {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (!link || link.target || link.hasAttribute("download")) return;
      const to = new URL(link.href, location.href);
      if (to.origin !== location.origin || !link.getAttribute("href")?.startsWith("/")) return;
      event.preventDefault();
      void navigate(to.pathname + to.search + to.hash);
    }
    document.addEventListener("click", clicked);
    return () => document.removeEventListener("click", clicked);
  }, [navigate]);
  return children;
}
