"""A small S3: whole objects put, read and deleted under one bucket, by signed requests and links.

It does not do: listing, multipart uploads, versions, tags, access lists, chunked signatures, and
conditions other than If-None-Match: * on a put.
"""
