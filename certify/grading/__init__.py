"""Mark sheets graded in bulk: answers and a key in, results and problems out."""
