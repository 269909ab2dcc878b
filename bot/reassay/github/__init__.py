"""Client of GitHub's REST and GraphQL APIs: returns frozen values, raises the errors of `reassay.common.errors`."""
