package syntax

// What one query may be. A query beyond it is refused in words before it costs anything.
const (
	// MaxText is the length of a query in bytes.
	MaxText = 1 << 20
	// maxTokens is how many words and signs it may have.
	maxTokens = 200_000
	// maxDepth is how deep brackets, calls and subqueries may stand in each other.
	maxDepth = 250
	// maxChain is how many operands may follow each other with one kind of sign: it is the depth of the tree to its left.
	maxChain = 2_000
)
