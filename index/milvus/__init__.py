"""An index in Milvus, for archives that are larger than one machine."""
