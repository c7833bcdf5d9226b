"""How this server is one of several behind one address: whose visit it is, and where its visitors go when it stops."""
