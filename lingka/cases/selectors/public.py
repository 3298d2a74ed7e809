"""What anybody may see: public lists and Open311."""
