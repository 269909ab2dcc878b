"""Parts of a dashboard in words and addresses, as its pages need them."""
