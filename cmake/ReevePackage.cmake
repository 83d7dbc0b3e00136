# What a Debian package of the program holds; ./dev package makes it with CPack. Dependencies are
# computed from the libraries that the program links (dpkg-shlibdeps), never typed.
include(GNUInstallDirs)
install(TARGETS reeve RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/guide docs/methods DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
# Written by ./dev package: Debian's changelog and the manual page of the commands as they are.
install(FILES ${CMAKE_BINARY_DIR}/package/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_BINARY_DIR}/package/reeve.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME reeve)
set(CPACK_PACKAGE_CONTACT "Reeve maintainers <reeve@reeve.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "workbench of a Community Safety Partnership")
set(CPACK_PACKAGE_DESCRIPTION
"Takes the extracts that partners send (recorded crime, published counts,
populations, boundaries), computes the needs assessment of an area under the
Serious Violence Duty, and writes a report in which every figure can be traced
to the files it came from. One program, one partnership file, no network.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "proj-data")
# Word, PDF and PNG are made by these; everything else works without them.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "chromium, pandoc, librsvg2-bin")
include(CPack)
