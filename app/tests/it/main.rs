//! The whole house through its front door: a small demonstration city on both databases.

mod access;
mod backup;
mod city;
mod contracts;
mod doors;
mod engines;
mod keys;
