"""What people keep at their desk: drafts, mentions, standard replies, lists taken out as files."""
