import { FluentProvider, RendererProvider, Toaster, createDOMRenderer } from "@fluentui/react-components";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { BrowserRouter, Navigate, useLocation } from "react-router";
import { ApiError } from "../api/errors";
import { sessionQuery } from "../api/session";
import { Failed } from "../components/states";
import { toaster } from "../components/toaster";
import SetupPage from "../pages/signin/SetupPage";
import SignInPage from "../pages/signin/SignInPage";
import { Links } from "./Links";
import { Shell } from "./Shell";
import { useTheme } from "./theme";

// The style sheets that components make while running carry the page's nonce, or the policy would drop them.
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
const renderer = createDOMRenderer(document, { styleElementAttributes: nonce ? { nonce } : {} });

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the server refuses it refuses again; what fails on the way may work the second time.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
});

// A session that ended shows itself at any request: ask who we are, and the way in appears.
client.getQueryCache().subscribe((event) => {
  if (event.type === "updated" && event.action.type === "error" && event.action.error instanceof ApiError && event.action.error.status === 401) {
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }
});

export function App() {
  const look = useTheme();
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <FluentProvider theme={look.theme}>
        <QueryClientProvider client={client}>
          <BrowserRouter>
            <Links>
              <Way look={look} />
            </Links>
          </BrowserRouter>
          <Toaster toasterId={toaster} position="bottom-end" />
        </QueryClientProvider>
      </FluentProvider>
    </RendererProvider>
  );
}

/** Way is in, or the way in. */
function Way({ look }: { look: ReturnType<typeof useTheme> }) {
  const session = useQuery(sessionQuery);
  const { pathname } = useLocation();
  const [wasIn, setWasIn] = useState(false);
  if (session.data?.signedIn && !wasIn) setWasIn(true);
  if (session.isPending) return null;
  if (!session.data) return <Failed page error={session.error} what="server" retry={() => void session.refetch()} />;
  if (!session.data.signedIn) return pathname === "/setup" ? <SetupPage /> : <SignInPage session={session.data} ended={wasIn} />;
  // Whoever has followed the set-up link is in: its page is done with.
  if (pathname === "/setup") return <Navigate to="/" replace />;
  return <Shell session={session.data} look={look} />;
}
