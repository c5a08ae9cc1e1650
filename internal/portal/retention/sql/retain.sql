select portal.retain(@rule::text, @as_of::timestamptz, @most::integer)
