//! Who visits whom and when: home visits with skills, windows and pairs, and why what stays undone does.
