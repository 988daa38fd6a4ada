"""Is it good to talk with? Real calls over the media path, recorded on both sides, and judged by what sounded."""
